using ImageAspire.Tests.Azure;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace ImageAspire.Tests.Contracts;

/// <summary>A test of a contract. It runs for every adapter, unless its class <see cref="NeedsServerAttribute">needs a server</see> that is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("ImageAspire.Tests.Contracts.ContractFactDiscoverer", "ImageAspire.Tests")]
public sealed class ContractFactAttribute : FactAttribute;

/// <summary>The same with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("ImageAspire.Tests.Contracts.ContractTheoryDiscoverer", "ImageAspire.Tests")]
public sealed class ContractTheoryAttribute : TheoryAttribute;

/// <summary>The tests of this class need a server; without its address they are skipped, and say so.</summary>
/// <param name="variable">The environment variable with the address.</param>
/// <param name="server">What it is, and an example of the address.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsServerAttribute(string variable, string server) : Attribute
{
    /// <summary>Why the tests cannot run; null when they can.</summary>
    public static string? SkipReason(ITestMethod method) =>
        method.TestClass.Class.GetCustomAttributes(typeof(NeedsAzuriteAttribute)).Any() ? AzuriteServer.SkipReason : WithoutVariable(method);

    private static string? WithoutVariable(ITestMethod method) => method.TestClass.Class.GetCustomAttributes(typeof(NeedsServerAttribute)).SingleOrDefault() is { } needs
        && needs.GetConstructorArguments().Cast<string>().ToArray() is [var variable, var server]
        && string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(variable))
            ? $"No {server} here: set {variable}."
            : null;

    /// <summary>The environment variable.</summary>
    public string Variable => variable;

    /// <summary>What it names.</summary>
    public string Server => server;
}

/// <summary>Finds <see cref="ContractFactAttribute"/>.</summary>
public sealed class ContractFactDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
{
    /// <inheritdoc />
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        NeedsServerAttribute.SkipReason(testMethod) is null
            ? base.CreateTestCase(discoveryOptions, testMethod, factAttribute)
            : new SkippedTestCase(DiagnosticMessageSink, discoveryOptions, testMethod);
}

/// <summary>Finds <see cref="ContractTheoryAttribute"/>.</summary>
public sealed class ContractTheoryDiscoverer(IMessageSink messages) : TheoryDiscoverer(messages)
{
    /// <inheritdoc />
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute) =>
        NeedsServerAttribute.SkipReason(testMethod) is null
            ? base.Discover(discoveryOptions, testMethod, theoryAttribute)
            : [new SkippedTestCase(DiagnosticMessageSink, discoveryOptions, testMethod)];
}

/// <summary>A test whose server is not there.</summary>
public sealed class SkippedTestCase : XunitTestCase
{
    /// <summary>For the runner, which builds it from what it wrote down.</summary>
    [Obsolete("Only the runner calls this.")]
    public SkippedTestCase()
    {
    }

    public SkippedTestCase(IMessageSink messages, ITestFrameworkDiscoveryOptions options, ITestMethod method)
        : base(messages, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method)
    {
    }

    /// <inheritdoc />
    protected override string? GetSkipReason(IAttributeInfo factAttribute) => NeedsServerAttribute.SkipReason(TestMethod);
}
