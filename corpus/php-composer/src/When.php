<?php
declare(strict_types=1);

namespace Ledger;

use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;

final class When extends Command
{
    protected function configure(): void
    {
        $this->setName('when')->setDescription('Print when the books close');
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $moment = new \DateTimeImmutable('2024-12-31 23:59', new \DateTimeZone('Atlantic/Azores'));
        $output->writeln($moment->setTimezone(new \DateTimeZone('Asia/Tashkent'))->format('Y-m-d H:i'));
        $output->writeln(trim(shell_exec('git --version | cut -d" " -f1')));
        return 0;
    }
}
