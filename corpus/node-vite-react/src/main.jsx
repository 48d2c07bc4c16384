import React, { lazy, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import './style.css';

const Palette = lazy(() => import('./Palette.jsx'));

function App() {
  return (
    <Suspense fallback={<p>Mixing…</p>}>
      <h1>Colour picker</h1>
      <Palette />
    </Suspense>
  );
}

createRoot(document.getElementById('root')).render(<App />);
