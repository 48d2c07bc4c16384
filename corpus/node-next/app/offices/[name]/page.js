import { readFile } from 'node:fs/promises';
import { notFound } from 'next/navigation';

export const dynamic = 'force-dynamic';

export default async function Office({ params }) {
  const offices = JSON.parse(await readFile('content/offices.json', 'utf8'));
  if (!offices[params.name]) notFound();
  return <p>{`${offices[params.name]} is open`}</p>;
}
