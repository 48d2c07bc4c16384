export default function Missing() {
  return <p>This room is empty.</p>;
}
