import { readFile } from 'node:fs/promises';
import { remark } from 'remark';
import html from 'remark-html';

export const dynamic = 'force-dynamic';

export default async function About() {
  const text = await remark().use(html).process(await readFile('content/about.md', 'utf8'));
  return <main dangerouslySetInnerHTML={{ __html: String(text) }} />;
}
