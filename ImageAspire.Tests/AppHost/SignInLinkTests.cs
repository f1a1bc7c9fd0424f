using System.Net;
using System.Web;
using ImageAspire.AppHost.Model;
using ImageAspire.Tests.Api;

namespace ImageAspire.Tests.AppHost;

/// <summary>The links that the AppHost makes, on the Api that it starts.</summary>
public sealed class SignInLinkTests
{
    private const string Key = "the-key-of-the-apphost";

    [Fact]
    public async Task Links_OfTheKey_SignInOnceEach()
    {
        await using var host = new ApiHost(("Access:Keys:0:Name", Access.KeyName), ("Access:Keys:0:Sha256", ApiHost.Hash(Key)));
        var access = new Access(null!, Key);
        var (first, second) = (Token(access), Token(access));
        using var browser = host.ClientWith(null);

        (await browser.SignInAsync(first)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await browser.SignInAsync(first)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await browser.SignInAsync(second)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Link_OfAnotherKey_IsRefused()
    {
        await using var host = new ApiHost(("Access:Keys:0:Name", Access.KeyName), ("Access:Keys:0:Sha256", ApiHost.Hash(Key)));
        using var browser = host.ClientWith(null);

        (await browser.SignInAsync(Token(new Access(null!, "the-key-of-a-stranger")))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static string Token(Access access) => HttpUtility.ParseQueryString(new Uri(access.SignInLink("http://localhost")!).Query)["token"]!;
}
