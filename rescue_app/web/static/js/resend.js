// On a page that only tells: what still waits in the phone goes on being sent.

import { sendAll } from "./visits.js";

void sendAll();
