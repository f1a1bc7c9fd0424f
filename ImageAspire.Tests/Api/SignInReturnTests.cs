namespace ImageAspire.Tests.Api;

/// <summary>Where the browser goes after signing in.</summary>
public sealed class SignInReturnTests
{
    [Theory]
    [InlineData("/?image=1&q=a b", "url=/?image=1&amp;q=a b\"")]
    [InlineData("/operations/", "url=/operations/\"")]
    [InlineData("//elsewhere.example/", "url=/\"")]
    [InlineData("/\\elsewhere.example/", "url=/\"")]
    [InlineData("https://elsewhere.example/", "url=/\"")]
    [InlineData("/\t/elsewhere.example/", "url=/\"")]
    [InlineData("/\"><script>", "url=/&quot;&gt;&lt;script&gt;\"")]
    public async Task SignIn_WithAReturnAddress_StaysHere(string wanted, string goesTo)
    {
        await using var host = new ApiHost();
        using var browser = host.ClientWith(null);

        using var answer = await browser.SignInAsync(ApiHost.AllKey, wanted);

        (await answer.Content.ReadAsStringAsync()).ShouldContain(goesTo);
    }
}
