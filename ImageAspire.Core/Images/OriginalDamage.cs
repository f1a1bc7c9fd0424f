namespace ImageAspire.Core.Images;

/// <summary>The stable words for what is wrong with a stored original.</summary>
public static class OriginalDamage
{
    /// <summary>The blob store has no bytes of this image.</summary>
    public const string MissingBytes = "missing-bytes";

    /// <summary>More or fewer bytes than were uploaded.</summary>
    public const string WrongSize = "wrong-size";

    /// <summary>As many bytes as were uploaded, but not the same ones.</summary>
    public const string WrongBytes = "wrong-bytes";

    /// <summary>The store works, but cannot read this blob.</summary>
    public const string Unreadable = "unreadable-bytes";

    /// <summary>Whether the loss is on the record already: the image failed because its bytes were missing or changed.</summary>
    public static bool IsOnRecord(ImageRecord record) => record is { Status: ImageStatus.Failed, Failure.Code: FailureCodes.ContentUnavailable };
}
