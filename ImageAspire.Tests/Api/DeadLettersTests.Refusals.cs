using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.Api;

public sealed partial class DeadLettersTests
{
    [Fact]
    public async Task Cursor_WithAnotherFilter_IsRefused()
    {
        for (var seed = 1; seed <= 3; seed++)
            await _host.UploadAsync(seed);
        await DeadLetterAsync("inspect-image", 3);
        var page = await _host.Client.GetAsync<PageDto<DeadLetterDto>>($"{Letters}?limit=2");

        await _host.Client.GetAsync($"{Letters}?subscription=inspect-image&cursor={page.Next}").ShouldBeProblemAsync(400, "invalid-cursor");
        (await _host.Client.GetAsync<PageDto<DeadLetterDto>>($"{Letters}?limit=1&cursor={page.Next}")).Items.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("a\u202eb")]
    [InlineData("a\u200bb")]
    [InlineData("a\nb")]
    public async Task Discard_ReasonWithInvisibleCharacters_IsRefused(string reason)
    {
        await _host.UploadAsync(1);
        await DeadLetterAsync("inspect-image", 1);
        var letter = (await _host.Client.GetAsync<PageDto<DeadLetterDto>>(Letters)).Items.Single();

        await _host.Client.DeleteAsync($"{Letters}/{letter.Id}?reason={Uri.EscapeDataString(reason)}").ShouldBeProblemAsync(400, "invalid-parameter");
    }

    [Theory]
    [InlineData("limit=0", "invalid-limit")]
    [InlineData("limit=201", "invalid-limit")]
    [InlineData("limit=many", "invalid-limit")]
    [InlineData("cursor=x", "invalid-cursor")]
    [InlineData("cursor=LTEuYWI", "invalid-cursor")]
    [InlineData("cursor=MDEuYWI", "invalid-cursor")] // 01.ab
    public async Task DeadLetters_BadParameter_Is400(string query, string code)
    {
        await _host.Client.GetAsync($"{Letters}?{query}").ShouldBeProblemAsync(400, code);
        await _host.Client.PostAsync($"{Letters}/retry?{query}", null).ShouldBeProblemAsync(400, code);
        await _host.Client.GetAsync($"{Letters}?type={new string('x', 201)}").ShouldBeProblemAsync(400, "invalid-parameter");
    }
}
