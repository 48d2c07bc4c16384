<?php
declare(strict_types=1);

namespace Ledger;

use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;

final class Page extends Command
{
    protected function configure(): void
    {
        $this->setName('page')->setDescription('Print a page');
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        require_once 'Twig/autoload.php';
        $twig = new \Twig\Environment(new \Twig\Loader\FilesystemLoader(__DIR__ . '/../templates'));
        $output->writeln($twig->render('page.twig', ['balances' => Book::balances()]), OutputInterface::OUTPUT_RAW);
        return 0;
    }
}
