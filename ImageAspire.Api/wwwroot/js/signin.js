// Submits the form of a sign-in link. The page loads this only when the user opened the link, and not another site.
document.getElementById('link').requestSubmit();
