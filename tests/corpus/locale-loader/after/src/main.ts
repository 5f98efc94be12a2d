import { textsFor } from './locale';

const texts = await textsFor(navigator.language);
document.querySelector('h1')!.textContent = texts.greeting;
