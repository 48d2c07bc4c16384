<?php
declare(strict_types=1);

namespace Ledger;

use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Helper\Table;
use Symfony\Component\Console\Input\InputArgument;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;

final class Balance extends Command
{
    protected function configure(): void
    {
        $this->setName('balance')->setDescription('Print balances')->addArgument('locale', InputArgument::OPTIONAL, '', 'en_GB');
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $format = new \NumberFormatter($input->getArgument('locale'), \NumberFormatter::CURRENCY);
        $table = new Table($output);
        foreach (Book::balances() as $account => $amount) {
            $table->addRow([mb_strtoupper($account), $format->formatCurrency($amount, 'EUR')]);
        }
        $table->render();
        return 0;
    }
}
