import React, { useEffect, useState } from 'react';

export default function Palette() {
  const [colours, setColours] = useState([]);
  useEffect(() => {
    fetch('/colours.json').then((response) => response.json()).then(setColours);
  }, []);
  return <ul className="palette-of-the-day">{colours.map((colour) => <li key={colour}>{colour}</li>)}</ul>;
}
