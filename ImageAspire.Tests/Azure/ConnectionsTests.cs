using ImageAspire.Azure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ImageAspire.Tests.Azure;

public sealed class ConnectionsTests
{
    private const string Mongo = "mongodb://admin:secret@localhost:27017/imagesdb?authSource=admin";

    [Fact]
    public void Check_NothingSet_NamesEveryMissingOneAtOnce()
    {
        var errors = Connections.Check(Configuration());
        errors.Count.ShouldBe(3);
        foreach (var name in new[] { "imagesdb", "images", "messaging" })
            errors.ShouldContain(error => error.StartsWith($"ConnectionStrings:{name} is missing", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_EverythingSet_IsFine() =>
        Connections.Check(Configuration(("imagesdb", Mongo), ("images", "UseDevelopmentStorage=true"), ("messaging", "ns.servicebus.windows.net"))).ShouldBeEmpty();

    [Theory]
    [InlineData("mongodb://admin:secret@localhost:27017")] // which database?
    [InlineData("localhost:27017/imagesdb")]
    [InlineData("Server=secret")]
    public void Check_MongoMalformed_SaysSoWithoutShowingIt(string text)
    {
        var error = Connections.Check(Configuration(("imagesdb", text), ("images", "x"), ("messaging", "x"))).ShouldHaveSingleItem();
        error.ShouldStartWith("ConnectionStrings:imagesdb is malformed");
        error.ShouldNotContain("secret");
    }

    [Theory]
    [InlineData("https://name.cognitiveservices.azure.com/", "https://name.cognitiveservices.azure.com/", null)]
    [InlineData("Endpoint=https://name.cognitiveservices.azure.com/;Key=abc=", "https://name.cognitiveservices.azure.com/", "abc=")]
    [InlineData("key=abc; endpoint=http://localhost:5090", "http://localhost:5090/", "abc")]
    public void Parse_VisionConnection_AddressAndKey(string text, string address, string? key) =>
        VisionConnection.Parse(text).ShouldBe(new VisionConnection(new Uri(address), key));

    [Theory]
    [InlineData("name.cognitiveservices.azure.com")]
    [InlineData("Key=abc")]
    [InlineData("file:///etc/passwd")]
    public void Parse_NoAddress_IsMalformed(string text)
    {
        VisionConnection.Parse(text).ShouldBeNull();
        Connections.Check(Configuration(("imagesdb", Mongo), ("images", "x"), ("messaging", "x"), ("vision", text)))
            .ShouldHaveSingleItem().ShouldStartWith("ConnectionStrings:vision is malformed");
    }

    [Fact]
    public void AddAzureBackend_NothingSet_FailsWithAllOfThem()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        Should.Throw<OptionsValidationException>(() => builder.AddAzureBackend()).Failures.Count().ShouldBe(3);
    }

    private static IConfiguration Configuration(params (string Name, string Text)[] connections) => new ConfigurationBuilder()
        .AddInMemoryCollection(connections.Select(one => KeyValuePair.Create($"ConnectionStrings:{one.Name}", (string?)one.Text))).Build();
}
