namespace ImageAspire.Core.Images;

/// <summary>The stable codes of <see cref="ImageFailure.Code"/>. Analysers may add their service's own.</summary>
public static class FailureCodes
{
    /// <summary>The bytes cannot be decoded.</summary>
    public const string Corrupt = "corrupt-image";

    /// <summary>The file ends before the image does.</summary>
    public const string Truncated = "truncated-image";

    /// <summary>More pixels than the limit.</summary>
    public const string TooManyPixels = "too-many-pixels";

    /// <summary>Width or height is zero.</summary>
    public const string NoPixels = "no-pixels";

    /// <summary>The format is accepted, but this variant of it cannot be read here.</summary>
    public const string UnsupportedVariant = "unsupported-variant";

    /// <summary>The process that decoded the file crashed, every time. Only that process; the Worker continues.</summary>
    public const string DecoderCrashed = "decoder-crashed";

    /// <summary>Decoding the file takes more time or memory than is allowed, every time.</summary>
    public const string DecoderLimit = "decoder-limit";

    /// <summary>The stage took longer than its time limit, every time.</summary>
    public const string TimeLimit = "time-limit";

    /// <summary>The process that looked at the image died, every time.</summary>
    public const string WorkerDied = "worker-died";

    /// <summary>The bytes are missing or cannot be read.</summary>
    public const string ContentUnavailable = "content-unavailable";

    /// <summary>The analyser does not answer.</summary>
    public const string AnalyzerUnavailable = "analyzer-unavailable";

    /// <summary>The analyser breaks on the image, every time.</summary>
    public const string AnalyzerFailed = "analyzer-failed";

    /// <summary>The analyser refuses the image.</summary>
    public const string AnalyzerRefused = "analyzer-refused";

    /// <summary>Any other error; the message has its type.</summary>
    public const string Unexpected = "unexpected-error";
}
