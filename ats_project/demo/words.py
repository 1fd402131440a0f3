"""What the demo data is made of. Nobody here exists; the domains and telephone numbers are those kept for examples."""

from __future__ import annotations

from dataclasses import dataclass

PEOPLE = (
    "Zoë Adeyemi", "Daniel Almeida", "Sofia Andersson", "Rahul Banerjee", "Claire Beaumont", "Marek Bielski",
    "Lena Brandt", "Omar Cherif", "Mei Chen", "Giulia Conti", "Thabo Dlamini", "Nora Eriksen", "Hugo Fernandes",
    "Aisha Farouk", "Pablo Fuentes", "Ayşe Güneş", "Noah Goldberg", "Chloé Girard", "Kenji Hayashi", "Fatima Haddad",
    "Elena Ionescu", "Viktor Ivanov", "Anika Jansen", "Samuel Kamau", "Ji-woo Kim", "Petra Kovač", "Wei Lin",
    "Isabel Lopes", "Finn Larsen", "Grace Mbeki", "Tomás Medina", "Carlos Mendoza", "Leila Nasser", "Ana Novak",
    "Kofi Owusu", "Emma O'Brien", "Sanjay Patel", "Katarína Poláková", "Lucas Pereira", "Olga Petrova", "Ngozi Eze",
    "Minh Quan", "Maria Rossi", "Tariq Rahman", "Ines Ribeiro", "Elif Şahin", "Diego Salazar", "Hana Sato",
    "Arjun Sharma", "Freya Sinclair", "Jakub Svoboda", "Linh Tran", "Camille Vidal", "Peter van Dijk", "Ruth Wanjiru",
    "Adam Wiśniewski", "Lin Xu", "Miriam Yosef", "Julia Zimmermann", "Andrés Zapata",
)  # fmt: skip
OTHER_PEOPLE = ("Bruno Keller", "Salma Idrissi", "Owen Hughes", "Dana Levi")

SOURCES = (
    "LinkedIn", "Employee referral", "Company website", "Job board", "University career fair", "Recruitment agency",
)  # fmt: skip

SCHOOLS = (
    "Delft University of Technology", "University of Nairobi", "Politecnico di Milano", "University of Warsaw",
    "National Taiwan University", "Universidade de São Paulo", "Indian Institute of Technology Madras",
    "University of Edinburgh", "Uppsala University", "Universidad de Chile",
)  # fmt: skip

COMPANIES = (
    "Fernbank Software", "Halden Logistics", "Marlow & Pike", "Oriole Health", "Quayside Bank", "Sable Studios",
    "Tessellate", "Umbra Energy", "Vantage Retail", "Willow Insurance",
)  # fmt: skip


@dataclass(frozen=True)
class Trade:
    """A line of work, with what its people know and did."""

    occupations: tuple[str, ...]
    skills: tuple[str, ...]
    field: str
    did: str


TRADES = (
    Trade(
        ("Backend Engineer", "Software Engineer", "Platform Engineer"),
        ("Python", "Django", "PostgreSQL", "Docker", "Kubernetes", "Go", "REST APIs", "AWS"),
        "Computer Science",
        "Built and ran the services behind the order book; on call every fourth week.",
    ),
    Trade(
        ("Frontend Engineer", "Web Developer"),
        ("TypeScript", "Angular", "React", "CSS", "Accessibility", "Playwright", "GraphQL"),
        "Computer Science",
        "Led the move to a design system and made the shop usable by keyboard alone.",
    ),
    Trade(
        ("Data Analyst", "Data Engineer"),
        ("SQL", "Python", "dbt", "Airflow", "Tableau", "Statistics", "Forecasting"),
        "Statistics",
        "Owned the weekly numbers that the board decides by.",
    ),
    Trade(
        ("Product Designer", "UX Researcher"),
        ("Figma", "Prototyping", "User research", "Information architecture", "Accessibility"),
        "Interaction Design",
        "Interviewed users every second week and designed what came of it.",
    ),
    Trade(
        ("Account Executive", "Sales Manager"),
        ("Negotiation", "CRM", "Enterprise sales", "Forecasting", "Presentation"),
        "Business Administration",
        "Carried a quota for mid-market clients, and met it in seven quarters of eight.",
    ),
    Trade(
        ("Project Manager", "Product Manager"),
        ("Roadmapping", "Scrum", "Stakeholder management", "Budgeting", "SQL"),
        "Industrial Engineering",
        "Ran three teams in two time zones through a change of systems.",
    ),
)

DEGREES = ("BSc", "MSc", "BA", "PhD")
CANDIDATE_LEVELS = ("Junior", "Mid-level", "Senior", "Lead")

#: What an interviewer writes, by how they rate.
PRAISE = (
    "Strong technical skills, good cultural fit",
    "Explained a hard trade-off clearly and asked the right questions back.",
    "Solved the exercise with time to spare, then improved it without being asked.",
    "Would raise the level of the team from the first week.",
)
MIXED = (
    "Solid basics; would need a mentor for the first months.",
    "Good with people, less sure about the details of the work itself.",
    "Answers were right but slow to come; a second conversation would help.",
)
DOUBT = (
    "Could not say what their own part in the project had been.",
    "Not enough experience for this role; a junior opening would fit better.",
    "Came unprepared and had no questions for us.",
)

NOTES = (
    "Can start in four weeks. Prefers to work from home two days a week.",
    "Asked for a part-time contract (80 %).",
    "Referred by a colleague, who worked with them for three years.",
    "Needs help with moving house.",
    "Speaks English, French and Portuguese.",
)

PIPELINES = (
    ("Hiring funnel", "From the first contact to the first day", (
        ("Sourced", "We know of them"), ("Screening", "A first call"), ("Interview", "Meets the team"),
        ("Offer", "Terms are on the table"), ("Hired", "Signed"),
    )),
    ("Enterprise Sales", "Pipeline for enterprise deals", (
        ("Lead", None), ("Qualified", None), ("Proposal", None), ("Negotiation", None), ("Closed Won", None),
    )),
    ("Client onboarding", "What happens after a client has signed", (
        ("Kick-off", "Goals and people"), ("Role profiles", "Whom they look for"), ("Shortlist", "Three for each role"),
        ("Handover", "The account manager takes over"),
    )),
)  # fmt: skip

#: Name, type, city, country, notes.
CONTACTS = (
    ("Acme Corporation", "CLIENT", "New York", "US", "Four openings in engineering this quarter."),
    ("Aurora Shipping", "CLIENT", "Bergen", "NO", None),
    ("Baobab Foods", "LEAD", "Nairobi", "KE", "Met at the career fair; call again next month."),
    ("Blue Heron Hotels", "CUSTOMER", "Lisbon", "PT", None),
    ("Cobalt Mining", "LEAD", "Antofagasta", "CL", None),
    ("Crescent Pharma", "CLIENT", "Basel", "CH", "Contract is renewed every January."),
    ("Delta Robotics", "CLIENT", "Eindhoven", "NL", "Hires in batches of five."),
    ("Ember Games", "LEAD", "Kraków", "PL", None),
    ("Fjordkraft Partners", "CUSTOMER", "Oslo", "NO", None),
    ("Granite Construction Group", "CLIENT", "Denver", "US", None),
    ("Harbour & Sons", "CUSTOMER", "Rotterdam", "NL", "Prefers the telephone."),
    ("Indigo Textiles", "LEAD", "Ahmedabad", "IN", None),
    ("Juniper Analytics", "CLIENT", "Dublin", "IE", "Looks for data engineers all year."),
    ("Kestrel Aviation", "CLIENT", "Toulouse", "FR", None),
    ("Lumen Optics", "LEAD", "Jena", "DE", None),
    ("Meridian Bank", "CUSTOMER", "Luxembourg", "LU", "Background checks are part of every offer."),
    ("Nimbus Cloud Services", "CLIENT", "Tallinn", "EE", None),
    ("Orchard Foods", "LEAD", "Canterbury", "GB", None),
    ("Pampas Agro", "CLIENT", "Rosario", "AR", None),
    ("Quartz Watches", "CUSTOMER", "Geneva", "CH", None),
    ("Redwood Furniture", "LEAD", "Portland", "US", "Wants to see a reference first."),
    ("Sakura Electronics", "CLIENT", "Osaka", "JP", None),
    ("Tundra Outdoor", "LEAD", "Tromsø", "NO", None),
    ("Umoja Telecom", "CLIENT", "Kigali", "RW", None),
    ("Verdant Energy", "CUSTOMER", "Hamburg", "DE", "Two site managers to find before summer."),
)
OTHER_CONTACTS = (
    ("Old Mill Bakery", "CLIENT", "Boston", "US", None),
    ("Pinnacle Sports", "LEAD", "Chicago", "US", "Asked for our terms."),
    ("Riverside Clinic", "CUSTOMER", "Montréal", "CA", None),
)
