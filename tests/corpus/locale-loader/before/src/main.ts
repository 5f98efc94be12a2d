import { textsFor } from './locale';

document.querySelector('h1')!.textContent = textsFor(navigator.language).greeting;
