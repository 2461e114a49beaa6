// A phone rings until its person has answered. A browser lets a page shake and sound only after a
// first touch; before that, and while nothing is open, the push message is what wakes.

const SHAKE_MS = [500, 200, 500, 200, 900];
const TONES_HZ = [880, 660, 880];
const TONE_S = 0.35;
const AGAIN_MS = 5_000;

/** @type {number | undefined} */
let next;

/** Ring once. */
export function ring() {
  if (!navigator.userActivation?.hasBeenActive) return;
  navigator.vibrate?.(SHAKE_MS);
  const sound = new AudioContext();
  TONES_HZ.forEach((hertz, place) => {
    const tone = sound.createOscillator();
    tone.frequency.value = hertz;
    tone.connect(sound.destination);
    tone.start(sound.currentTime + place * TONE_S);
    tone.stop(sound.currentTime + (place + 0.8) * TONE_S);
  });
  setTimeout(() => void sound.close(), TONES_HZ.length * TONE_S * 1000 + 500);
}

/** Ring now and every few seconds, for as long as a word is owed. @param {() => boolean} owed */
export function ringWhile(owed) {
  if (next !== undefined) return;
  const again = () => {
    next = undefined;
    if (!owed()) return;
    ring();
    next = setTimeout(again, AGAIN_MS);
  };
  again();
}
