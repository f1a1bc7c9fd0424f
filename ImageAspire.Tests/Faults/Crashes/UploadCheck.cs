namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>Checks the resumable uploads when no process dies any more.</summary>
/// <param name="client">Asks about them.</param>
/// <param name="oracle">The uploads.</param>
/// <param name="options">The run.</param>
internal sealed class UploadCheck(ResumableClient client, TestOracle oracle, CrashOptions options)
{
    /// <summary>Finishes what its clients would have gone on with, and asks for everything that was acknowledged.</summary>
    public async Task<List<string>> FinishAsync()
    {
        var violations = new List<string>();
        foreach (var upload in oracle.Uploads.Where(one => one.Deleted is not null))
        {
            if (upload.Deleted == true)
            {
                if (!await client.IsGoneAsync(upload))
                    violations.Add($"{upload.Image.Name}: its upload was deleted, and is there.");
                continue;
            }

            var begun = TimeProvider.System.GetTimestamp();
            while (!upload.Left && !await client.ContinueAsync(upload, int.MaxValue - 1))
            {
                if (TimeProvider.System.GetElapsedTime(begun) > TimeSpan.FromSeconds(60))
                {
                    violations.Add($"{upload.Image.Name}: its upload cannot be finished; {upload.Offset} of {upload.Image.Bytes.Length} bytes are there.");
                    break;
                }
            }

            var image = upload.ImageId;
            if (await client.OffsetAsync(upload) is null || upload.ImageId != image)
                violations.Add($"{upload.Image.Name}: its upload became image {image}, and is asked for {upload.ImageId}.");
        }

        return violations;
    }

    /// <summary>Lets everything expire; whether all of it was removed in time.</summary>
    /// <param name="until">Waits for a condition.</param>
    public async Task<IEnumerable<string>> ExpireAsync(Func<Func<Task<bool>>, Task<bool>> until) =>
        await until(() => Task.FromResult(options.Stores.AgeUploads().Count == 0)) ? [] : options.Stores.AgeUploads().Select(name => $"{name} is left of an upload that has expired.");
}
