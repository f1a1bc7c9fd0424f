using System.Net;
using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>Two operators who retry the same dead letters at the same time.</summary>
internal sealed class CrashOperators(CrashCalls calls, TestOracle oracle, Random random)
{
    private const string DeadLetters = "/api/operations/dead-letters";

    /// <summary>Retries a dead letter now and then, until <paramref name="stopping"/>.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            if (await ListAsync() is [_, ..] dead)
                await RaceAsync(dead[random.Next(dead.Count)]);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1000)), stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Both retry one; how many were accepted.</summary>
    public async Task<int> RaceAsync(DeadLetterDto dead)
    {
        var answers = await Task.WhenAll(RetryAsync(dead.Id), random.Next(4) == 0 ? RetryManyAsync() : RetryAsync(dead.Id));
        return answers.Sum();
    }

    /// <summary>Both retry each of these once; one of them is accepted, the other is too late.</summary>
    public async Task RaceAllAsync(IReadOnlyList<DeadLetterDto> dead)
    {
        var accepted = await Task.WhenAll(dead.Select(async one => (one, Count: (await Task.WhenAll(RetryAsync(one.Id), RetryAsync(one.Id))).Sum())));
        foreach (var (one, count) in accepted.Where(one => one.Count != 1))
            oracle.Violations.Enqueue($"Dead letter {one.Id} of image {one.ImageId} was retried by two operators, and {count} retries were accepted.");
    }

    /// <summary>All dead letters, at most 200; null when no answer came.</summary>
    public async Task<IReadOnlyList<DeadLetterDto>?> ListAsync() =>
        await calls.SendAsync(HttpMethod.Get, $"{DeadLetters}?limit=200") is { Status: HttpStatusCode.OK } answer ? Responses.Read<PageDto<DeadLetterDto>>(answer.Body).Items : null;

    private async Task<int> RetryAsync(string id)
    {
        switch ((await calls.SendAsync(HttpMethod.Post, $"{DeadLetters}/{id}/retry"))?.Status)
        {
            case HttpStatusCode.Accepted:
                oracle.Count("dead letters retried");
                return 1;
            case HttpStatusCode.NotFound:
                oracle.Count("retries that came too late");
                return 0;
            default:
                return 0;
        }
    }

    private async Task<int> RetryManyAsync()
    {
        if (await calls.SendAsync(HttpMethod.Post, $"{DeadLetters}/retry?subscription=analyze-image&limit=5") is not { Status: HttpStatusCode.OK } answer)
            return 0;
        var retried = Responses.Read<RetriedDto>(answer.Body).Retried;
        for (var i = 0; i < retried; i++)
            oracle.Count("dead letters retried");
        return retried;
    }
}
