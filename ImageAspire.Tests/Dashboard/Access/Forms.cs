using System.Net;
using System.Text.RegularExpressions;

namespace ImageAspire.Tests.Dashboard.Access;

/// <summary>Forms as the dashboard's pages have them.</summary>
internal static partial class Forms
{
    /// <summary>A form with the proof that it comes from a page, and more fields.</summary>
    public static async Task<FormUrlEncodedContent> OfAsync(HttpClient browser, params (string Name, string Value)[] fields)
    {
        var token = WebUtility.HtmlDecode(Token().Match(await browser.GetStringAsync("/")).Groups[1].Value);
        token.ShouldNotBeEmpty();
        return new FormUrlEncodedContent([new("form-token", token), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]);
    }

    [GeneratedRegex("name=\"form-token\" value=\"([^\"]*)\"")]
    private static partial Regex Token();
}
