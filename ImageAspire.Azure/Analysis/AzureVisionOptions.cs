namespace ImageAspire.Azure.Analysis;

/// <summary>Settings of Azure AI Vision (configuration section <c>Vision</c>). Its address is the connection string <c>vision</c>.</summary>
internal sealed class AzureVisionOptions
{
    public const string Section = "Vision";

    /// <summary>Language of tags, by the service's name for it.</summary>
    public string Language { get; set; } = "en";

    /// <summary>Whether to request a caption. Where the region has none, the request is repeated without.</summary>
    public bool Captions { get; set; } = true;

    /// <summary>Time limit of one request; at most five minutes.</summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(100);
}
