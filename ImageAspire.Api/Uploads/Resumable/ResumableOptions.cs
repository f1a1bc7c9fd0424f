using Microsoft.Extensions.Options;

namespace ImageAspire.Api.Uploads.Resumable;

/// <summary>Limits of resumable uploads (configuration section <c>Uploads</c>). The largest file is that of every upload, <see cref="ApiOptions.MaxImageBytes"/>.</summary>
internal sealed class ResumableOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Uploads";

    /// <summary>Most unfinished uploads of a key.</summary>
    public int UnfinishedPerKey { get; set; } = 100;

    /// <summary>Most bytes that unfinished uploads of a key may come to, as announced; default 5 GiB.</summary>
    public long UnfinishedBytesPerKey { get; set; } = 5L << 30;

    /// <summary>How long an upload is kept after its last byte, and what became of it after its end.</summary>
    public TimeSpan KeptFor { get; set; } = TimeSpan.FromHours(24);

    internal sealed class Validator : IValidateOptions<ResumableOptions>
    {
        public ValidateOptionsResult Validate(string? name, ResumableOptions options)
        {
            var errors = new List<string>();
            if (options.UnfinishedPerKey is < 1 or > 10_000)
                errors.Add($"{Section}:{nameof(UnfinishedPerKey)} is {options.UnfinishedPerKey}; it must be a whole number from 1 to 10000.");
            if (options.UnfinishedBytesPerKey is < 1 or > 1L << 50)
                errors.Add($"{Section}:{nameof(UnfinishedBytesPerKey)} is {options.UnfinishedBytesPerKey}; it must be a whole number from 1 to {1L << 50}.");
            if (options.KeptFor < TimeSpan.FromMinutes(1) || options.KeptFor > TimeSpan.FromDays(30))
                errors.Add($"{Section}:{nameof(KeptFor)} is {options.KeptFor}; it must be a time from 00:01:00 to 30 days.");
            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }
    }
}
