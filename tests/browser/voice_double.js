/* Stands in for the carrier's script: a device that a test rings, and calls that note what is done. */
window.Twilio = {
  Device: class {
    constructor(token, options) {
      this.taken = [token];
      this.options = options;
      this.heeded = {};
      window.device = this;
    }
    on(name, heed) {
      this.heeded[name] = heed;
    }
    async register() {
      this.heeded.registered();
    }
    updateToken(token) {
      this.taken.push(token);
    }
    ring() {
      const heeded = {};
      const call = {
        muted: false,
        on: (name, heed) => (heeded[name] = heed),
        accept: () => heeded.accept(),
        isMuted: () => call.muted,
        mute: (wish) => {
          call.muted = wish;
          heeded.mute(wish);
        },
        end: () => heeded.disconnect(),
      };
      this.call = call;
      this.heeded.incoming(call);
    }
  },
};
