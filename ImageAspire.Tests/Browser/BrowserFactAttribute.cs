using Microsoft.Playwright;

namespace ImageAspire.Tests.Browser;

/// <summary>A test that needs Chromium: from <c>CHROMIUM</c>, or where systems usually have it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    private static readonly string? Path = new[]
    {
        Environment.GetEnvironmentVariable("CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    }.FirstOrDefault(File.Exists);

    public BrowserFactAttribute()
    {
        if (Path is null)
            Skip = "No Chromium here. Install it (Debian: apt-get install chromium) or set CHROMIUM to its path.";
    }

    public static Task<IBrowser> LaunchAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new()
    {
        ExecutablePath = Path,
        Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });
}
