using System.Reflection;

namespace ImageAspire.Tests.Architecture;

/// <summary>Folders are namespaces. In each project they depend on each other in one direction only.</summary>
public sealed class NamespaceCycleTests
{
    [Theory]
    [InlineData("ImageAspire.Core")]
    [InlineData("ImageAspire.Embedded")]
    [InlineData("ImageAspire.Azure")]
    [InlineData("ImageAspire.Emulators")]
    [InlineData("ImageAspire.ServiceBusEmulator")]
    [InlineData("ImageAspire.Vision")]
    public void Namespaces_OfAProject_HaveNoCycle(string project) =>
        NamespaceUses.FindCycle(NamespaceUses.Of(Assembly.Load(project))).ShouldBeEmpty();

    [Theory]
    [InlineData("ImageAspire.Embedded.Catalog", "ImageAspire.Embedded.Topic")] // in a constructor
    [InlineData("ImageAspire.Embedded.Blobs", "ImageAspire.Embedded.Files")] // static calls in method bodies
    [InlineData("ImageAspire.Embedded.Topic", "ImageAspire.Embedded.Sqlite")] // in lambdas and async methods
    public void Of_KnownUse_IsFound(string from, string to) =>
        NamespaceUses.Of(Assembly.Load("ImageAspire.Embedded")).ShouldContain(use => use.From == from && use.To == to);

    [Fact]
    public void FindCycle_ThreeInACircle_NamesThem()
    {
        NamespaceUse[] uses = [new("a", "b", "a.X uses b.Y"), new("b", "c", "b.Y uses c.Z"), new("c", "a", "c.Z uses a.X"), new("a", "d", "a.X uses d.W")];

        NamespaceUses.FindCycle(uses).Select(use => use.From).ShouldBe(["a", "b", "c"]);
    }
}
