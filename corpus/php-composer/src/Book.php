<?php
declare(strict_types=1);

namespace Ledger;

final class Book
{
    /** @return array<string, float> the balance of each account */
    public static function balances(): array
    {
        $balances = [];
        $file = new \SplFileObject(__DIR__ . '/../data/ledger.csv');
        $file->setFlags(\SplFileObject::READ_CSV | \SplFileObject::SKIP_EMPTY | \SplFileObject::READ_AHEAD);
        foreach ($file as [$account, $amount]) {
            $balances[$account] = ($balances[$account] ?? 0.0) + (float) $amount;
        }
        return $balances;
    }
}
