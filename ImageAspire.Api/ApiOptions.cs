using ImageAspire.Core.Images;
using ImageAspire.Core.Pipeline;
using Microsoft.Extensions.Options;

namespace ImageAspire.Api;

/// <summary>Limits of the Api (configuration section <c>Api</c>).</summary>
internal sealed class ApiOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Api";

    /// <summary>Largest file, in bytes; default 50 MiB.</summary>
    public long MaxImageBytes { get; set; } = 50L << 20;

    /// <summary>Names of formats that uploads may not have, for example <c>heic</c>.</summary>
    public IList<string> RefusedFormats { get; } = [];

    /// <summary>Most files in one request.</summary>
    public int MaxFilesPerRequest { get; set; } = 100;

    /// <summary>Uploads that are read at the same time, of all keys together; with k active keys each may hold one (k + 1)th of them.</summary>
    public int ConcurrentUploads { get; set; } = 2048;

    /// <summary>Uploads that may wait for a permit, shared in the same way; further ones get 503 with Retry-After.</summary>
    public int WaitingUploads { get; set; } = 1000;

    /// <summary>How long an upload waits for a permit before it gets 503 with Retry-After.</summary>
    public TimeSpan UploadPatience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Clients of the live feed at the same time, of all keys together. When all are taken, a key that has fewer takes one of the key that has most. So many requests may wait for the end of an analysis, too.</summary>
    public int LiveClients { get; set; } = 1000;

    /// <summary>Clients of one key; one more gets 429 with Retry-After. So many of its requests may wait for the end of an analysis, too; one more is answered at once.</summary>
    public int LiveClientsPerKey { get; set; } = 250;

    /// <summary>Events kept for clients that reconnect.</summary>
    public int LiveHistory { get; set; } = 10_000;

    /// <summary>List pages kept in memory.</summary>
    public int CachedPages { get; set; } = 256;

    /// <summary>
    /// Address of a trace in a dashboard, with <c>{traceId}</c> where its id belongs; the gallery links to it. Empty for none.
    /// http or https, absolute.
    /// </summary>
    public string TraceUrl { get; set; } = "";

    /// <summary>How long deleted images can be restored from the trash; 0 erases them at once. What is in the trash keeps the time that it was moved there with.</summary>
    public TimeSpan TrashPeriod { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// Address of a service's logs in a dashboard, with <c>{service}</c> where its name belongs; the operations pages link to it. Empty for none.
    /// http or https, absolute.
    /// </summary>
    public string LogsUrl { get; set; } = "";

    /// <summary>How long a client may take to send the headers of a request before the connection is closed.</summary>
    public TimeSpan RequestHeadersTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Bytes a second that a body must arrive with, after the first five seconds; slower ones end with 408.</summary>
    public int MinBodyBytesPerSecond { get; set; } = 240;

    /// <summary>What uploads may have.</summary>
    public AcceptedFormats Formats() => new(ImageFormat.All.Where(format => RefusedFormats.Contains(format.Name, StringComparer.OrdinalIgnoreCase)));

    internal sealed class Validator : IValidateOptions<ApiOptions>
    {
        private const string TraceId = "{traceId}";
        private static readonly TimeSpan LongestTrashPeriod = TimeSpan.FromDays(3650);

        public ValidateOptionsResult Validate(string? name, ApiOptions options)
        {
            var errors = new List<string>();
            Check(errors, nameof(MaxImageBytes), options.MaxImageBytes, 1, 2L << 30);
            Check(errors, nameof(MaxFilesPerRequest), options.MaxFilesPerRequest, 1, 1000);
            Check(errors, nameof(ConcurrentUploads), options.ConcurrentUploads, 1, 10_000);
            Check(errors, nameof(WaitingUploads), options.WaitingUploads, 0, 100_000);
            Check(errors, nameof(LiveClients), options.LiveClients, 0, 100_000);
            Check(errors, nameof(LiveClientsPerKey), options.LiveClientsPerKey, 1, 100_000);
            Check(errors, nameof(LiveHistory), options.LiveHistory, 1, 1_000_000);
            Check(errors, nameof(CachedPages), options.CachedPages, 0, 100_000);
            foreach (var unknown in options.RefusedFormats.Where(one => !ImageFormat.All.Any(format => format.Name.Equals(one, StringComparison.OrdinalIgnoreCase))))
                errors.Add($"{Section}:{nameof(RefusedFormats)} has '{unknown}'; the formats are {string.Join(", ", ImageFormat.All.Select(format => format.Name))}.");
            if (ImageFormat.All.All(format => options.RefusedFormats.Contains(format.Name, StringComparer.OrdinalIgnoreCase)))
                errors.Add($"{Section}:{nameof(RefusedFormats)} has every format.");
            CheckUrl(errors, nameof(TraceUrl), options.TraceUrl, "{traceId}", "traces/detail");
            CheckUrl(errors, nameof(LogsUrl), options.LogsUrl, "{service}", "structuredlogs/resource");
            Check(errors, nameof(MinBodyBytesPerSecond), options.MinBodyBytesPerSecond, 1, 1 << 20);
            if (options.TrashPeriod < TimeSpan.Zero || options.TrashPeriod > LongestTrashPeriod)
                errors.Add($"{Section}:{nameof(TrashPeriod)} is {options.TrashPeriod}; it must be from 00:00:00 (no trash) to {LongestTrashPeriod}, for example 30.00:00:00.");
            if (options.UploadPatience < TimeSpan.FromSeconds(1) || options.UploadPatience > TimeSpan.FromMinutes(10))
                errors.Add($"{Section}:{nameof(UploadPatience)} is {options.UploadPatience}; it must be from 00:00:01 to 00:10:00.");
            if (options.RequestHeadersTimeout < TimeSpan.FromSeconds(1) || options.RequestHeadersTimeout > TimeSpan.FromMinutes(10))
                errors.Add($"{Section}:{nameof(RequestHeadersTimeout)} is {options.RequestHeadersTimeout}; it must be from 00:00:01 to 00:10:00.");
            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }

        private static void CheckUrl(List<string> errors, string key, string text, string placeholder, string example)
        {
            if (text.Length > 0 && !(text.Contains(placeholder, StringComparison.Ordinal)
                && Uri.TryCreate(text.Replace(placeholder, new string('0', 32), StringComparison.Ordinal), UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
            {
                errors.Add($"{Section}:{key} is '{text}'; it must be an absolute http or https address with {placeholder} in it, such as http://localhost:18888/{example}/{placeholder}.");
            }
        }

        private static void Check(List<string> errors, string key, long value, long min, long max)
        {
            if (value < min || value > max)
                errors.Add($"{Section}:{key} is {value}; it must be a whole number from {min} to {max}.");
        }
    }
}
