namespace ImageAspire.Tests;

/// <summary>Waits for a condition, never for a time.</summary>
internal static class Eventually
{
    /// <summary>Far longer than anything takes; only a failing test waits for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    public static Task TrueAsync(Func<bool> condition, TimeSpan? patience = null) => TrueAsync(() => Task.FromResult(condition()), patience);

    /// <summary>Tries until it succeeds: while a service comes back, calls fail.</summary>
    public static async Task<T> ResultAsync<T>(Func<Task<T>> attempt)
    {
        T result = default!;
        await TrueAsync(async () =>
        {
            try
            {
                result = await attempt();
                return true;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        return result;
    }

    public static Task TrueAsync(Func<Task<bool>> condition, TimeSpan? patience = null) => TrueAsync(condition, () => "", patience);

    /// <summary>Waits until a condition holds.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="seen">What was seen instead, for the failure's message.</param>
    /// <param name="patience">How long; null for usual.</param>
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> seen, TimeSpan? patience = null)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(Look);
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(began) > (patience ?? Patience))
                throw new TimeoutException($"The condition did not come true. {seen()}".TrimEnd());
            await timer.WaitForNextTickAsync();
        }
    }
}
