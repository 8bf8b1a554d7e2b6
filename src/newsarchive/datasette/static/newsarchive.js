// A box is written in the direction of what is typed into it.
for (const box of document.querySelectorAll('input[type="text"], input[type="search"]')) {
  box.dir = "auto";
}

// The chart of a saved query stays when it is asked again: datasette-vega keeps it behind the # of the address.
for (const form of document.querySelectorAll("form.sql")) {
  form.addEventListener("submit", () => {
    form.action = form.action.replace(/#.*/, "") + window.location.hash;
  });
}
