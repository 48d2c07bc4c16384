export default function Home() {
  return <h1>Town hall</h1>;
}
