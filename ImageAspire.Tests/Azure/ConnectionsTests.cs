using ImageAspire.Azure;
using ImageAspire.Azure.ConnectionStrings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ImageAspire.Tests.Azure;

public sealed class ConnectionsTests
{
    private const string Container = "Endpoint=https://account.blob.core.windows.net/;ContainerName=images";
    private const string Namespace = "https://name.servicebus.windows.net:443/";
    private const string Mongo = "mongodb://admin:secret@localhost:27017/imagesdb?authSource=admin";

    [Fact]
    public void Check_NothingSet_NamesEveryMissingOneAtOnce()
    {
        var errors = Connections.Check(Configuration());
        errors.Count.ShouldBe(4);
        foreach (var name in new[] { "imagesdb", "images", "uploads", "messaging" })
            errors.ShouldContain(error => error.StartsWith($"ConnectionStrings:{name} is missing", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_EverythingSet_IsFine() =>
        Connections.Check(Configuration(("imagesdb", Mongo), ("images", Container), ("uploads", Container), ("messaging", Namespace))).ShouldBeEmpty();

    [Theory]
    [InlineData("mongodb://admin:secret@localhost:27017")] // which database?
    [InlineData("localhost:27017/imagesdb")]
    [InlineData("Server=secret")]
    public void Check_MongoMalformed_SaysSoWithoutShowingIt(string text)
    {
        var error = Connections.Check(Configuration(("imagesdb", text), ("images", Container), ("uploads", Container), ("messaging", Namespace))).ShouldHaveSingleItem();
        error.ShouldStartWith("ConnectionStrings:imagesdb is malformed");
        error.ShouldNotContain("secret");
    }

    [Theory]
    [InlineData("images", "https://account.blob.core.windows.net/")] // which container?
    [InlineData("images", "UseDevelopmentStorage=true")]
    [InlineData("images", "ContainerName=images")]
    [InlineData("uploads", "UseDevelopmentStorage=true")]
    [InlineData("messaging", "localhost")]
    [InlineData("messaging", "Endpoint=https://name.servicebus.windows.net/;SharedAccessKeyName=a;SharedAccessKey=secret")]
    public void Check_ContainerOrNamespaceMalformed_SaysSoWithoutShowingIt(string name, string text)
    {
        var all = new Dictionary<string, string> { ["imagesdb"] = Mongo, ["images"] = Container, ["uploads"] = Container, ["messaging"] = Namespace, [name] = text };
        var error = Connections.Check(Configuration([.. all.Select(one => (one.Key, one.Value))])).ShouldHaveSingleItem();
        error.ShouldStartWith($"ConnectionStrings:{name} is malformed");
        error.ShouldNotContain("secret");
    }

    [Theory]
    [InlineData("images", "UseDevelopmentStorage=true;ContainerName=images")]
    [InlineData("images", "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=a==;BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1;ContainerName=images")]
    [InlineData("messaging", "name.servicebus.windows.net")]
    [InlineData("messaging", "Endpoint=sb://localhost:5672;SharedAccessKeyName=a;SharedAccessKey=b;UseDevelopmentEmulator=true;")]
    public void Check_EveryFormThatTheIntegrationsTake_IsFine(string name, string text)
    {
        var all = new Dictionary<string, string> { ["imagesdb"] = Mongo, ["images"] = Container, ["uploads"] = Container, ["messaging"] = Namespace, [name] = text };
        Connections.Check(Configuration([.. all.Select(one => (one.Key, one.Value))])).ShouldBeEmpty();
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
    [InlineData("http://name.cognitiveservices.azure.com/")] // a token would go unencrypted
    [InlineData("Endpoint=https://name.cognitiveservices.azure.com/;Key=a b")] // no header can carry it
    public void Parse_NotUsable_IsMalformed(string text)
    {
        VisionConnection.Parse(text).ShouldBeNull();
        Connections.Check(Configuration(("imagesdb", Mongo), ("images", Container), ("uploads", Container), ("messaging", Namespace), ("vision", text)))
            .ShouldHaveSingleItem().ShouldStartWith("ConnectionStrings:vision is malformed");
    }

    [Fact]
    public void AddAzureBackend_NothingSet_FailsWithAllOfThem()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        Should.Throw<OptionsValidationException>(() => builder.AddAzureBackend()).Failures.ShouldBe(Connections.Check(Configuration()));
    }

    private static IConfiguration Configuration(params (string Name, string Text)[] connections) => new ConfigurationBuilder()
        .AddInMemoryCollection(connections.Select(one => KeyValuePair.Create($"ConnectionStrings:{one.Name}", (string?)one.Text))).Build();
}
