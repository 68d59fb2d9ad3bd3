/* The telephone in the agent's page: gets a token, lets the browser be rung, answers, mutes.

   The carrier's script, if the settings name one, has run before this one and offers
   `Twilio.Device`. The page draws the panel later than this script begins, so its parts are looked
   up when they are needed. Nothing here decides about calls: taking, declining and hanging up are
   the desk's own buttons; when the desk's "Take the call" is pressed while the browser rings, the
   browser's leg is answered with it. */
"use strict";

(() => {
  const TOKEN_PATH = "/agent/phone-token";
  const RENEW_BEFORE_MS = 60000; // ask for the next token so long before the last one ends
  const AGAIN_MS = 5000; // and again so soon when there was none to be had
  const TAKE = '{"action":"accept"}'; // the id of the desk's button

  const part = (name) => document.getElementById(`softphone-${name}`);
  const state = { device: null, call: null, says: "Looking for your telephone.", is_ringing: false };

  function show() {
    const says = part("says");
    if (!says) return;
    const [answer, mute] = [part("answer"), part("mute")];
    says.textContent = state.says;
    answer.hidden = !(state.call && state.is_ringing);
    mute.hidden = !(state.call && !state.is_ringing);
    mute.textContent = state.call && state.call.isMuted() ? "Unmute" : "Mute";
  }

  function say(words) {
    state.says = words;
    show();
  }

  async function newToken() {
    const answer = await fetch(TOKEN_PATH, { method: "POST", credentials: "same-origin" });
    if (answer.status === 401) throw new Refusal("Your session has ended: sign in again.");
    if (answer.status === 409) throw new Refusal((await answer.json()).says);
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return answer.json();
  }

  class Refusal extends Error {} // asking again would change nothing

  async function untilGiven() {
    for (;;) {
      try {
        return await newToken();
      } catch (problem) {
        if (problem instanceof Refusal) throw problem;
        say("The centre gives no token for your telephone now; trying again.");
        await new Promise((done) => setTimeout(done, AGAIN_MS));
      }
    }
  }

  function over() {
    state.call = null;
    state.is_ringing = false;
    say("Ready: calls ring here.");
  }

  function ring(call) {
    state.call = call;
    state.is_ringing = true;
    call.on("accept", () => {
      state.is_ringing = false;
      say("You are on the line.");
    });
    for (const end of ["cancel", "disconnect", "reject"]) call.on(end, over);
    call.on("mute", (isMuted) => say(isMuted ? "You are muted." : "You are on the line."));
    call.on("error", (problem) => say(`The call has a problem: ${problem.message}`));
    say("Your telephone rings.");
  }

  async function renew() {
    try {
      state.device.updateToken((await untilGiven()).token);
    } catch (problem) {
      say(problem.message);
    }
  }

  async function begin() {
    try {
      const given = await untilGiven();
      if (!window.Twilio || !window.Twilio.Device) {
        say("The carrier's script could not be loaded, or is not the one that the settings name.");
        return;
      }
      const options = { edge: given.edge, closeProtection: true, tokenRefreshMs: RENEW_BEFORE_MS };
      const device = new window.Twilio.Device(given.token, options);
      device.on("registered", () => state.call || say("Ready: calls ring here."));
      device.on("unregistered", () => say("Your telephone is not connected; trying again."));
      device.on("error", (problem) => say(`Your telephone has a problem: ${problem.message}`));
      device.on("tokenWillExpire", renew);
      device.on("incoming", ring);
      state.device = device;
      await device.register();
    } catch (problem) {
      say(problem.message);
    }
  }

  document.addEventListener("click", (event) => {
    const pressed = event.target.closest("button");
    if (!pressed || !state.call) return;
    const wants = pressed.id === "softphone-answer" || pressed.id === TAKE;
    if (wants && state.is_ringing) state.call.accept();
    if (pressed.id === "softphone-mute") state.call.mute(!state.call.isMuted());
    show();
  });

  const drawn = new MutationObserver(() => {
    if (!part("says")) return;
    drawn.disconnect();
    show();
  });
  drawn.observe(document.documentElement, { childList: true, subtree: true });
  begin();
})();
