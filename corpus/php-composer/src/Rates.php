<?php
declare(strict_types=1);

namespace Ledger;

use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputArgument;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;

final class Rates extends Command
{
    protected function configure(): void
    {
        $this->setName('rates')->setDescription('Print a rate')->addArgument('currency', InputArgument::REQUIRED);
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        require_once 'Symfony/Component/Yaml/autoload.php';
        $rates = \Symfony\Component\Yaml\Yaml::parseFile(__DIR__ . '/../data/rates.yaml');
        $currency = $input->getArgument('currency');
        if (!isset($rates[$currency])) {
            throw new \RuntimeException("no rate of $currency");
        }
        $output->writeln((string) $rates[$currency]);
        return 0;
    }
}
