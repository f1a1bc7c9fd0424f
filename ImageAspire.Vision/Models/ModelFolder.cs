using System.Security.Cryptography;

namespace ImageAspire.Vision.Models;

/// <summary>The folder with the models, each of which is compared with its hash before it is loaded.</summary>
/// <param name="path">Its full path.</param>
internal sealed class ModelFolder(string path)
{
    /// <summary>Beside the program, where the build puts it.</summary>
    public static ModelFolder BesideTheProgram { get; } = new(System.IO.Path.Combine(AppContext.BaseDirectory, "models"));

    /// <summary>Its full path.</summary>
    public string Path => path;

    /// <summary>Whether a file is there at all.</summary>
    public bool Has(string name) => File.Exists(FileOf(name));

    /// <summary>Whether a file is there with the right content.</summary>
    public bool IsRight(ModelFile file) => Has(file.Name) && HashOf(File.ReadAllBytes(FileOf(file.Name))) == file.Sha256;

    /// <summary>Puts a file into the folder; it appears whole or not at all.</summary>
    /// <exception cref="ModelException">The content is not the one of the lock file.</exception>
    public void Write(ModelFile file, byte[] content)
    {
        if (HashOf(content) is var hash && hash != file.Sha256)
            throw new ModelException($"The model '{file.Name}' came out with the hash {hash}, and the lock file says {file.Sha256}.");
        Directory.CreateDirectory(path);
        var whole = FileOf($"{file.Name}.{Environment.ProcessId}.new");
        File.WriteAllBytes(whole, content);
        File.Move(whole, FileOf(file.Name), overwrite: true);
    }

    /// <summary>The bytes of a model.</summary>
    /// <param name="name">As in the lock file.</param>
    /// <exception cref="ModelException">It is missing, or not the one of the lock file.</exception>
    public byte[] Read(string name)
    {
        var expected = ModelLock.Current.Files.Single(file => file.Name == name);
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(FileOf(name));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"The model '{name}' cannot be read from {path}. {ModelException.Remedy}", error);
        }

        return HashOf(bytes) == expected.Sha256 ? bytes
            : throw new ModelException($"The model '{name}' in {path} is not the one of this version: it is damaged, or of another one. {ModelException.Remedy}");
    }

    private static string HashOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private string FileOf(string name) => System.IO.Path.Combine(path, name);
}

/// <summary>The models are not there, or wrong. The message has one line and names the command that helps.</summary>
/// <param name="message">What is wrong, and what to do.</param>
/// <param name="inner">The cause.</param>
internal sealed class ModelException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The command that fetches them.</summary>
    public const string Remedy = "To fetch it again: dotnet build ImageAspire.Vision -t:InstallModels";
}
