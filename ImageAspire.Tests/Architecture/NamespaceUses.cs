using System.Reflection;

namespace ImageAspire.Tests.Architecture;

/// <summary>A namespace uses another one of its assembly.</summary>
/// <param name="From">The namespace that uses.</param>
/// <param name="To">The namespace that is used.</param>
/// <param name="Example">A type of each.</param>
internal sealed record NamespaceUse(string From, string To, string Example);

/// <summary>Which namespaces of an assembly use which, by the types in signatures and in method bodies.</summary>
internal static class NamespaceUses
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    /// <summary>Every use, once for each pair of namespaces.</summary>
    public static IReadOnlyList<NamespaceUse> Of(Assembly assembly)
    {
        var root = assembly.GetName().Name!;
        bool IsOurs(Type type) => type.Assembly == assembly && type.Namespace is { } name && (name == root || name.StartsWith(root + ".", StringComparison.Ordinal));
        return [.. assembly.GetTypes().Where(IsOurs)
            .SelectMany(type => UsedBy(type).Where(IsOurs).Where(used => used.Namespace != type.Namespace).Select(used => new NamespaceUse(type.Namespace!, used.Namespace!, $"{type} uses {used}")))
            .DistinctBy(use => (use.From, use.To))];
    }

    /// <summary>The uses that form a cycle; none when there is no cycle.</summary>
    public static IReadOnlyList<NamespaceUse> FindCycle(IReadOnlyList<NamespaceUse> uses)
    {
        var done = new HashSet<string>();
        return uses.Select(use => Search(use.From, [])).FirstOrDefault(cycle => cycle.Count > 0) ?? [];

        List<NamespaceUse> Search(string from, List<NamespaceUse> path)
        {
            if (path.FindIndex(use => use.From == from) is >= 0 and var start)
                return path[start..];
            if (done.Contains(from))
                return [];
            foreach (var use in uses.Where(use => use.From == from))
            {
                if (Search(use.To, [.. path, use]) is { Count: > 0 } cycle)
                    return cycle;
            }

            done.Add(from);
            return [];
        }
    }

    private static IEnumerable<Type> UsedBy(Type type) => new[] { type.BaseType }.Concat(type.GetInterfaces())
        .Concat(type.GetFields(All).Select(field => field.FieldType))
        .Concat(type.GetMethods(All).SelectMany(OfMethod))
        .Concat(type.GetConstructors(All).SelectMany(OfMethod))
        .SelectMany(Parts).Distinct();

    private static IEnumerable<Type?> OfMethod(MethodBase method) => method.GetParameters().Select(parameter => parameter.ParameterType)
        .Append((method as MethodInfo)?.ReturnType)
        .Concat(method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? [])
        .Concat(MethodTokens.Of(method).SelectMany(OfMember));

    private static IEnumerable<Type?> OfMember(MemberInfo member) => member switch
    {
        Type type => [type],
        MethodInfo { IsGenericMethod: true } method => [method.DeclaringType, .. method.GetGenericArguments()],
        _ => [member.DeclaringType],
    };

    private static IEnumerable<Type> Parts(Type? type) => type switch
    {
        null => [],
        { HasElementType: true } => Parts(type.GetElementType()),
        { IsConstructedGenericType: true } => [type.GetGenericTypeDefinition(), .. type.GetGenericArguments().SelectMany(Parts)],
        { IsGenericParameter: true } => [],
        _ => [type],
    };
}
