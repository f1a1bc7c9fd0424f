using ImageAspire.Vision.Models;

namespace ImageAspire.Tests.Requirements;

/// <summary>The models of the vision service, which its build fetches.</summary>
internal static class VisionModels
{
    private const string Remedy = "dotnet build ImageAspire.Vision -t:InstallModels";

    /// <summary>Where the build puts them.</summary>
    public static ModelFolder Folder { get; } = new(Path.Combine(Repository.Root, "ImageAspire.Vision", "obj", "models"));

    /// <summary>Skips the test when a model is not installed that the service needs.</summary>
    public static void Require() => Require(ModelLock.Current.Files.Where(file => !file.Optional));

    /// <summary>Skips the test when a model of the embeddings is not installed.</summary>
    public static void RequireEmbeddings() => Require(ModelLock.Current.Files.Where(file => file.Optional));

    private static void Require(IEnumerable<ModelFile> files)
    {
        var missing = files.FirstOrDefault(file => !Folder.Has(file.Name));
        if (missing is not null && Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail($"The model {missing.Name} is not installed, and CI must have it: {Remedy}");
        Assert.SkipWhen(missing is not null, $"The model {missing?.Name} is not installed: {Remedy}");
    }
}
