using ImageAspire.Core.Errors;
using ImageAspire.Embedded.Blobs;

namespace ImageAspire.Embedded.Uploads;

/// <summary>Tells what is wrong with the disk in words that callers know.</summary>
internal static class UploadErrors
{
    /// <summary>Does work with files.</summary>
    /// <param name="path">File or folder, for the log.</param>
    /// <param name="work">The work.</param>
    /// <exception cref="StoreUnavailableException">The disk is full, cannot be written to, or does not work. Some of the work may be done.</exception>
    public static async Task<T> TellAsync<T>(string path, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception error) when (DiskErrors.Translate(error, path) is StoreUnavailableException away)
        {
            // Not its promise that nothing was written: what was appended before the disk was full is there.
            throw new StoreUnavailableException(away.Message, error) { Problem = away.Problem };
        }
    }
}
