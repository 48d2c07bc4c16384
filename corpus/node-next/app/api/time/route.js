export const dynamic = 'force-dynamic';

export function GET(request) {
  const zone = new URL(request.url).searchParams.get('zone') ?? 'UTC';
  try {
    return Response.json({ time: new Date(0).toLocaleString('en-GB', { timeZone: zone }) });
  } catch (error) {
    return Response.json({ error: error.name }, { status: 400 });
  }
}

export async function POST(request) {
  return Response.json({ bytes: (await request.arrayBuffer()).byteLength });
}
