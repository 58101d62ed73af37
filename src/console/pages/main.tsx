import { render } from 'preact';
import { App } from './app';

const root = document.getElementById('console');
if (!root) throw new Error('the page has no element #console');
render(<App />, root);
