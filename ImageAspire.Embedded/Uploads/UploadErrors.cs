using ImageAspire.Core.Errors;
using ImageAspire.Embedded.Files;

namespace ImageAspire.Embedded.Uploads;

/// <summary>Translates errors of the disk into the errors of the port.</summary>
internal static class UploadErrors
{
    /// <summary>Runs work with files.</summary>
    /// <param name="path">The file or folder, for the message.</param>
    /// <param name="work">The work.</param>
    /// <exception cref="StoreUnavailableException">The disk is full, read-only or failing. Some of the work may be done.</exception>
    public static async Task<T> TranslateAsync<T>(string path, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception error) when (DiskErrors.Translate(error, path) is StoreUnavailableException unavailable)
        {
            // Without its guarantee that nothing was written: bytes that were appended before the disk was full stay.
            throw new StoreUnavailableException(unavailable.Message, error) { Problem = unavailable.Problem, Dependency = unavailable.Dependency };
        }
    }
}
