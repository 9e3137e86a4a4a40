// A printed page says when it was printed, by the clock of who prints it.

addEventListener("beforeprint", () => {
  for (const place of document.querySelectorAll(".printed .day")) {
    place.querySelector("b").textContent = new Date().toLocaleDateString("sv"); // YYYY-MM-DD
    place.hidden = false;
  }
});
