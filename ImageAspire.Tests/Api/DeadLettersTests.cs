using System.Net;
using ImageAspire.Core.Events;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.Tests.Api;

/// <summary>Dead letters over HTTP: listed, retried, discarded.</summary>
public sealed partial class DeadLettersTests : IAsyncDisposable
{
    private const string Subscriptions = "/api/operations/subscriptions";
    private const string Letters = "/api/operations/dead-letters";
    private readonly ApiHost _host = new();

    private IEventBus Bus => _host.Services.GetRequiredService<IEventBus>();

    private ITopicOperations Topic => _host.Services.GetRequiredService<ITopicOperations>();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task DeadLetters_OneImage_HaveReasonAndSubscription()
    {
        var id = await _host.UploadAsync(1, "broken.jpg");
        await DeadLetterAsync("inspect-image", 1);

        var page = await _host.Client.GetAsync<PageDto<DeadLetterDto>>(Letters);

        page.Next.ShouldBeNull();
        var letter = page.Items.ShouldHaveSingleItem();
        letter.Subscription.ShouldBe("inspect-image");
        letter.Reason.ShouldBe("bad-day");
        letter.Cause.ShouldBe("image-refused"); // no code of ours: the analyser's
        letter.Description.ShouldBe("It was a <b>bad</b> day.");
        letter.DeliveryCount.ShouldBe(1);
        letter.DeadLetteredAt.ShouldBeGreaterThan(Samples.Noon);
        letter.ImageId.ShouldBe(id);
        letter.TraceId.ShouldNotBeNull().Length.ShouldBe(32);
        letter.Event!.Type.ShouldBe(ImageEventTypes.Received);
        letter.Event!.Data.Name.ShouldBe("broken.jpg");
    }

    [Fact]
    public async Task DeadLetters_SeveralSubscriptions_PagesLeaveNothingOutAndRepeatNothing()
    {
        for (var seed = 1; seed <= 5; seed++)
            await _host.UploadAsync(seed);
        await DeadLetterAsync("inspect-image", 5);
        await DeadLetterAsync("record-audit", 5);

        var seen = new List<(string, Guid)>();
        string? cursor = null;
        do
        {
            var page = await _host.Client.GetAsync<PageDto<DeadLetterDto>>($"{Letters}?limit=3" + (cursor is null ? "" : $"&cursor={cursor}"));
            page.Items.Count.ShouldBeInRange(1, 3);
            seen.AddRange(page.Items
                .Select(one => (one.Subscription, one.ImageId!.Value)));
            cursor = page.Next;
        }
        while (cursor is not null);

        seen.Count.ShouldBe(10);
        seen.Distinct().Count().ShouldBe(10);
        var ofOne = await _host.Client.GetAsync<PageDto<DeadLetterDto>>($"{Letters}?subscription=record-audit");
        ofOne.Items.Select(one => one.Subscription).ShouldBe(Enumerable.Repeat("record-audit", 5));
    }

    [Fact]
    public async Task DeadLetters_Filters_FindOnlyWhatMatches()
    {
        var id = await _host.UploadAsync(1);
        await _host.TransitionAsync(id, record => ImageLifecycle.Edit(record, null, null, archived: true, Samples.Traced));
        await DeadLetterAsync("record-audit", 2);

        (await CountAsync($"{Letters}?type={ImageEventTypes.Archived}")).ShouldBe(1);
        (await CountAsync($"{Letters}?type={ImageEventTypes.Deleted}")).ShouldBe(0);
        (await CountAsync($"{Letters}?reason=bad-day")).ShouldBe(2);
        (await CountAsync($"{Letters}?reason=good-day")).ShouldBe(0);
        (await CountAsync($"{Letters}?subscription=unknown")).ShouldBe(0);
    }

    [Fact]
    public async Task Retry_TwentyOperatorsAtOnce_ExactlyOneWins()
    {
        await _host.UploadAsync(1);
        await DeadLetterAsync("inspect-image", 1);
        var letter = await OnlyAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PostAsync($"{Letters}/{letter}/retry")));

        answers.Count(status => status == HttpStatusCode.Accepted).ShouldBe(1);
        answers.Count(status => status == HttpStatusCode.NotFound).ShouldBe(19);
        (await SubscriptionAsync("inspect-image")).Active.ShouldBe(1);
    }

    [Fact]
    public async Task RetryMany_AFilter_RetriesThoseAndSaysWhetherMoreRemain()
    {
        for (var seed = 1; seed <= 5; seed++)
            await _host.UploadAsync(seed);
        await DeadLetterAsync("inspect-image", 5);
        await DeadLetterAsync("record-audit", 5);

        var first = await RetryManyAsync("?subscription=inspect-image&limit=3");
        first.Retried.ShouldBe(3);
        first.More.ShouldBeTrue();
        var rest = await RetryManyAsync($"?subscription=inspect-image&limit=3&cursor={first.Next}");
        rest.Retried.ShouldBe(2);
        rest.More.ShouldBeFalse();

        (await SubscriptionAsync("inspect-image")).Active.ShouldBe(5);
        (await SubscriptionAsync("record-audit")).DeadLettered.ShouldBe(5);
        (await RetryManyAsync("?reason=unheard-of")).Retried.ShouldBe(0);
    }

    [Fact]
    public async Task Discard_ADeadLetter_IsGoneForGood()
    {
        await _host.UploadAsync(1);
        await DeadLetterAsync("inspect-image", 1);
        var letter = await OnlyAsync();
        await _host.Client.DeleteAsync($"{Letters}/{letter}?reason={new string('x', 201)}").ShouldBeProblemAsync(400, "invalid-parameter");
        await _host.Client.DeleteAsync($"{Letters}/{letter}?reason=a%0Ab").ShouldBeProblemAsync(400, "invalid-parameter");

        using var answer = await _host.Client.DeleteAsync($"{Letters}/{letter}?reason=uploaded+twice");

        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await _host.Client.DeleteAsync($"{Letters}/{letter}").ShouldBeProblemAsync(404, "not-found");
        await _host.Client.PostAsync($"{Letters}/{letter}/retry", null).ShouldBeProblemAsync(404, "not-found");
        (await SubscriptionAsync("inspect-image")).ShouldSatisfyAllConditions(
            one => one.Active.ShouldBe(0), one => one.DeadLettered.ShouldBe(0));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("....")]
    [InlineData("MS5JTlNQRUNU")] // 1.INSPECT
    [InlineData("OTIyMzM3MjAzNjg1NDc3NTgwNy5hYg")] // the largest number there is
    [InlineData("LTEuYWI")] // -1.ab
    [InlineData("MS5hYg")] // 1.ab: well-formed, of no subscription
    public async Task Retry_StrangeId_Is404(string id)
    {
        await _host.Client.PostAsync($"{Letters}/{id}/retry", null).ShouldBeProblemAsync(404, "not-found");
        await _host.Client.DeleteAsync($"{Letters}/{id}").ShouldBeProblemAsync(404, "not-found");
    }

    private async Task<SubscriptionDto> SubscriptionAsync(string name) =>
        (await _host.Client.GetItemsAsync<SubscriptionDto>(Subscriptions))
            .Single(one => one.Name == name);

    private async Task<HttpStatusCode> PostAsync(string path)
    {
        using var answer = await _host.Client.PostAsync(path, null);
        return answer.StatusCode;
    }

    private async Task<RetriedDto> RetryManyAsync(string query)
    {
        using var answer = await _host.Client.PostAsync($"{Letters}/retry{query}", null);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.ReadAsync<RetriedDto>();
    }

    private async Task<int> CountAsync(string path) => (await _host.Client.GetItemsAsync<DeadLetterDto>(path)).Count;

    private async Task<string> OnlyAsync() =>
        (await _host.Client.GetItemsAsync<DeadLetterDto>(Letters)).Single().Id;

    /// <summary>Dead-letters what a subscription has, and leaves it alone.</summary>
    private async Task DeadLetterAsync(string subscription, int count)
    {
        var types = StageCatalog.Subscriptions.Single(one => one.Name == subscription).Types;
        await using var consumer = await Bus.SubscribeAsync(new SubscriptionOptions(subscription) { Types = types },
            (_, _) => Task.FromResult<MessageOutcome>(new MessageOutcome.DeadLetter("bad-day", "It was a <b>bad</b> day.")), CancellationToken.None);
        await Eventually.TrueAsync(async () =>
            (await Topic.GetStatusAsync(CancellationToken.None)).Single(one => one.Name == subscription).DeadLettered == count);
    }
}
