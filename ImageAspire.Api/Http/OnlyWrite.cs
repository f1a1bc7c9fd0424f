using ImageAspire.Core.Errors;

namespace ImageAspire.Api.Http;

/// <summary>
/// What a failed request may say about its effect. A store knows about one of its writes that nothing of it stands; that nothing of the
/// request stands follows only when it was the request's only write.
/// </summary>
internal static class OnlyWrite
{
    private static readonly object NothingKept = new();

    /// <summary>Makes the only write of a request, and remembers when the store promises that nothing of it stands.</summary>
    public static async Task<T> WriteOnceAsync<T>(this HttpContext context, Func<Task<T>> write)
    {
        try
        {
            return await write();
        }
        catch (StoreUnavailableException error) when (error.NothingWritten)
        {
            context.Items[NothingKept] = true;
            throw;
        }
    }

    /// <summary>Whether it is proved that nothing of this failed request was kept.</summary>
    public static bool IsNothingKept(HttpContext context) => context.Items.ContainsKey(NothingKept);
}
