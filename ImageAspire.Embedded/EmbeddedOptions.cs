namespace ImageAspire.Embedded;

/// <summary>Settings of the embedded edition (configuration section <c>Embedded</c>).</summary>
public sealed class EmbeddedOptions
{
    /// <summary>Folder of everything that is kept: databases and blobs. Several processes may share it.</summary>
    public string DataFolder { get; set; } = "data";

    /// <summary>Absolute path inside the data folder.</summary>
    public string PathOf(string name) => Path.GetFullPath(Path.Combine(DataFolder, name));
}
