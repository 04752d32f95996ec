// Keys and edits on their way to Python. Streamlit merges what arrives while a script runs, so a press is not sent as an
// event but as part of a list: all that Python has not acknowledged yet, each with a serial number. One list is under way
// at a time; what is pressed meanwhile goes with the next.
class PressQueue {
  constructor() {
    this.serial = 0;
    this.unacknowledged = [];
    this.underWay = 0; // the last serial number of the list that was sent; 0: none
    this.timer = null;
  }

  add(press) {
    this.serial += 1;
    this.unacknowledged.push({ ...press, serial: this.serial });
  }

  acknowledge(serial) {
    this.unacknowledged = this.unacknowledged.filter((press) => press.serial > serial);
    if (serial >= this.underWay) this.#arrived();
  }

  // send: takes the list.
  flush(send) {
    this.send = send;
    if (this.underWay || !this.unacknowledged.length) return;
    this.underWay = this.serial;
    send(this.unacknowledged);
    this.wait();
  }

  // Sent again where nothing was heard of it; not while Streamlit is at work, which would begin again from the start.
  wait() {
    this.timer = setTimeout(() => {
      const app = document.querySelector("[data-testid=stApp]");
      if (app && app.dataset.testScriptState === "running") return this.wait();
      this.#arrived();
      for (const press of this.unacknowledged) press.tries = (press.tries || 0) + 1;
      this.flush(this.send);
    }, 1500);
  }

  // At once, whatever is under way: what follows must find it done.
  hurry(send) {
    this.#arrived();
    this.flush(send);
  }

  #arrived() {
    clearTimeout(this.timer);
    this.underWay = 0;
  }
}
