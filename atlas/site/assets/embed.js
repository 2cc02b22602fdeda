// ?embed=true: the page without name, menu and foot, to stand in a frame of another page. Runs before anything is shown.
if (new URLSearchParams(location.search).get("embed") === "true") document.documentElement.classList.add("embed");
document.documentElement.classList.add("scripted");
