using System.Xml.Linq;
using ImageAspire.Tests.Requirements;
using ImageAspire.Vision.Embeddings;
using ImageAspire.Vision.Models;

namespace ImageAspire.Tests.Vision.Embeddings;

public sealed class EmbeddingModelsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Models_NotInstalled_OfferNoEmbeddings()
    {
        using var models = new EmbeddingModels(new ModelFolder(_folder.Root));

        models.Text.ShouldBeNull();
        models.Image.ShouldBeNull();
    }

    [Fact]
    public void Of_DamagedModel_SaysWhatToDo()
    {
        foreach (var file in ModelLock.Current.Files.Where(file => file.Optional))
            File.WriteAllText(Path.Combine(_folder.Root, file.Name), "damaged");
        using var models = new EmbeddingModels(new ModelFolder(_folder.Root));

        Should.Throw<ModelException>(() => models.Text!.Of("dog", TestContext.Current.CancellationToken)).Message.ShouldContain("damaged");
        Should.Throw<ModelException>(() => models.Image!.Of(new ImageAspire.Imaging.RgbPixels(1, 1, new byte[3]), TestContext.Current.CancellationToken))
            .Message.ShouldContain(ModelException.Remedy);
    }

    [Fact]
    public void NuGetPackage_Resource_IsReadWithoutLoadingTheAssembly()
    {
        var package = ModelLock.Current.Packages.First(package => package.Source == "nuget") with { Name = "Some.Package", Version = "1.2.3" };
        var library = Directory.CreateDirectory(Path.Combine(_folder.Root, "some.package", "1.2.3", "lib")).FullName;
        File.Copy(typeof(ModelLock).Assembly.Location, Path.Combine(library, "Some.dll"));
        var packages = new NuGetPackage(_folder.Root);

        packages.Read(package, ["lib/Some.dll!models.lock.json"]).Values.Single()
            .ShouldBe(File.ReadAllBytes(Path.Combine(Repository.Root, "ImageAspire.Vision", "Models", "models.lock.json")));
        Should.Throw<ModelException>(() => packages.Read(package, ["lib/Some.dll!other"])).Message.ShouldContain("lib/Some.dll!other");
        Should.Throw<ModelException>(() => packages.Read(package, ["tools/model.onnx"])).Message.ShouldContain("tools/model.onnx");
        Should.Throw<ModelException>(() => packages.Read(package with { Version = "9.9.9" }, ["a"])).Message.ShouldContain("9.9.9");
    }

    [Fact]
    public async Task Installation_WithoutPackagesOfOptionalModels_GoesOn()
    {
        VisionModels.Require();
        foreach (var file in ModelLock.Current.Files.Where(file => !file.Optional))
            File.Copy(Path.Combine(VisionModels.Folder.Path, file.Name), Path.Combine(_folder.Root, file.Name));

        (await ModelInstallation.RunAsync(["install-models", _folder.Root, Path.Combine(_folder.Root, "no-packages")])).ShouldBe(0);

        Directory.GetFiles(_folder.Root).Length.ShouldBe(ModelLock.Current.Files.Count(file => !file.Optional));
    }

    [Fact]
    public void DownloadedPackages_AreThoseOfTheLockFile() =>
        XDocument.Load(Path.Combine(Repository.Root, "eng", "EmbeddingModels", "EmbeddingModels.csproj")).Descendants("PackageDownload")
            .Select(package => $"{package.Attribute("Include")!.Value} {package.Attribute("Version")!.Value}")
            .ShouldBe(ModelLock.Current.Packages.Where(package => package.Source == "nuget").Select(package => $"{package.Name} [{package.Version}]"), ignoreOrder: true);
}
