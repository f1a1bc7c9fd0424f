using System.Net;
using System.Text.RegularExpressions;

namespace ImageAspire.Tests.EndToEnd;

/// <summary>Somebody with a browser at the dashboard of a running app.</summary>
internal sealed partial class DashboardPage : IDisposable
{
    private readonly HttpClient _client = new(new HttpClientHandler { CookieContainer = new CookieContainer() }) { Timeout = TimeSpan.FromSeconds(40) };
    private readonly Uri _address;

    private DashboardPage(Uri address) => _address = address;

    /// <summary>Opens the address that was printed, with its token.</summary>
    public static async Task<DashboardPage> OpenAsync(RunningApp app)
    {
        var page = new DashboardPage(new Uri(app.DashboardAddress));
        using var answer = await page._client.GetAsync(page._address);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.RequestMessage!.RequestUri!.Query.ShouldBe(""); // the token is no longer in the address
        return page;
    }

    /// <summary>What the row of a resource says, as text; empty when there is none.</summary>
    public async Task<string> ResourceAsync(string name)
    {
        var html = await _client.GetStringAsync(new Uri(_address, "/"));
        return Row().Matches(html).Where(row => row.Groups[1].Value == name).Select(row => Text(row.Groups[2].Value)).FirstOrDefault("");
    }

    public Task SeesAsync(string resource, params string[] words) => Eventually.TrueAsync(async () =>
    {
        var row = await ResourceAsync(resource);
        return words.All(word => row.Contains(word, StringComparison.Ordinal));
    });

    /// <summary>The lines of a resource.</summary>
    public async Task<string> ConsoleAsync(string name) => Text(await _client.GetStringAsync(new Uri(_address, $"/consolelogs/resource/{name}")));

    /// <summary>The page about one resource.</summary>
    public async Task<string> DetailsAsync(string name) => Text(await _client.GetStringAsync(new Uri(_address, $"/?resource={name}")));

    /// <summary>Presses a button of a resource.</summary>
    public async Task PressAsync(string name, string command)
    {
        var html = await _client.GetStringAsync(new Uri(_address, "/"));
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("form-token", FormToken().Match(html).Groups[1].Value)]);
        using var answer = await _client.PostAsync(new Uri(_address, $"/resources/{name}/{command}"), form);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    public void Dispose() => _client.Dispose();

    private static string Text(string html) => WebUtility.HtmlDecode(Space().Replace(Tag().Replace(html, " "), " "));

    [GeneratedRegex("""<tr data-key="([^"]+)".*?>(.*?)</tr>""", RegexOptions.Singleline)]
    private static partial Regex Row();

    [GeneratedRegex("""name="form-token" value="([^"]+)""")]
    private static partial Regex FormToken();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
