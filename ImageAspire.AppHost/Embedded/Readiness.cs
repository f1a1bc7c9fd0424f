namespace ImageAspire.AppHost.Embedded;

/// <summary>Waits for a service.</summary>
internal static class Readiness
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>Returns true when it says that it is well; false when everything stops before.</summary>
    public static async Task<bool> OfAsync(Service service, CancellationToken stopping)
    {
        using var client = new HttpClient { Timeout = Patience };
        using var timer = new PeriodicTimer(Look);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                using var answer = await client.GetAsync(service.HealthUrl, stopping);
                if (answer.IsSuccessStatusCode)
                    return true;
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
            {
                // Not ready yet; if it died, the supervisor says so.
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }

        return false;
    }
}
