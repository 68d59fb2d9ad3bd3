"""What the carrier talks to: signed requests in, facts and TwiML out."""
